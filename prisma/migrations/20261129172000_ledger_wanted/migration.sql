-- functions: 2506f6a964e3937f26108e52a93a3504a1a5384bf2bc97f15a2fb0c80724d7d6

-- Somebody takes the ledger of a tenant that leaves before it goes.
ALTER TABLE departure ADD COLUMN ledger_wanted boolean NOT NULL DEFAULT false;
