-- Keep a register contract under the digest that rollups carry.
insert into register_contract (digest, contract) values (%(digest)s, %(contract)s) on conflict do nothing
