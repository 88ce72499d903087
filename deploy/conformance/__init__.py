"""What a device did right and wrong: judged from what is stored of it, rule by rule, with what was expected."""
