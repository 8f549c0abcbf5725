param account =
