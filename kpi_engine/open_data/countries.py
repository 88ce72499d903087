"""Countries of Europe by the codes of the authority table "country" of the Publications Office, which are those of ISO.

Source: ISO 3166-1, alpha-2 to alpha-3 (recalled). A country that is not here is told by name alone.
"""

from typing import Final

_PAIRS: Final = """
AD AND  AL ALB  AM ARM  AT AUT  AZ AZE  BA BIH  BE BEL  BG BGR  BY BLR  CH CHE  CY CYP  CZ CZE  DE DEU  DK DNK  EE EST
ES ESP  FI FIN  FO FRO  FR FRA  GB GBR  GE GEO  GL GRL  GR GRC  HR HRV  HU HUN  IE IRL  IL ISR  IS ISL  IT ITA  LI LIE
LT LTU  LU LUX  LV LVA  MC MCO  MD MDA  ME MNE  MK MKD  MT MLT  NL NLD  NO NOR  PL POL  PT PRT  RO ROU  RS SRB  SE SWE
SI SVN  SK SVK  SM SMR  TR TUR  UA UKR
""".split()

AUTHORITY_CODES: Final = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
