-- functions: 2506f6a964e3937f26108e52a93a3504a1a5384bf2bc97f15a2fb0c80724d7d6

-- The ledger may be pruned of what was exported. The ids of its chats stay used.
ALTER TABLE tenant ADD COLUMN ledger_retention_days integer;
CREATE INDEX tenant_ledger_retention_idx ON tenant (tenant_id) WHERE ledger_retention_days IS NOT NULL;

ALTER TABLE deletion ADD COLUMN exported_in uuid;
CREATE INDEX deletion_exported_idx ON deletion (tenant_id, deleted_at, id) WHERE exported_in IS NOT NULL;

CREATE TABLE ledger_export (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  completed_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  checksum text NOT NULL,
  lines integer NOT NULL,
  CONSTRAINT ledger_export_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT ledger_export_tenant_id_fkey
    FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id) ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE used_chat_id (
  tenant_id uuid NOT NULL,
  chat_id uuid NOT NULL,
  CONSTRAINT used_chat_id_pkey PRIMARY KEY (tenant_id, chat_id),
  CONSTRAINT used_chat_id_tenant_id_fkey
    FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id) ON UPDATE CASCADE ON DELETE CASCADE
);
