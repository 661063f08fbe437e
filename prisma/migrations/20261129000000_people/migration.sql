-- functions: 9ae363a7b066547e84eb524c86e074771fb0356957cd2a332c804146fbbf4aed

-- What an actor was called, beside its kind and id. Of what was done before it is not known.
ALTER TABLE api_key
  ADD COLUMN created_by_kind text,
  ADD COLUMN created_by_id text,
  ADD COLUMN created_by_name text;
ALTER TABLE chat
  ADD COLUMN trashed_by_name text,
  ADD COLUMN held_by_name text;
ALTER TABLE deletion ADD COLUMN actor_name text;
ALTER TABLE deletion_job ADD COLUMN actor_name text;

-- Somebody who signs in. better-auth reads and writes the tables from here to second_factor.
CREATE TABLE person (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  email text NOT NULL,
  email_verified boolean NOT NULL DEFAULT false,
  image text,
  two_factor_enabled boolean NOT NULL DEFAULT false,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX person_email_key ON person (email);

-- How a person proves to be one: by a password, of which only a hash is stored, or by a provider of identities.
CREATE TABLE person_account (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  person_id uuid NOT NULL,
  provider_id text NOT NULL,
  account_id text NOT NULL,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz(3),
  refresh_token_expires_at timestamptz(3),
  scope text,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (id),
  FOREIGN KEY (person_id) REFERENCES person (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE UNIQUE INDEX person_account_provider_id_account_id_key ON person_account (provider_id, account_id);
CREATE INDEX person_account_person_id_idx ON person_account (person_id);

-- That a person belongs to a tenant, and what they may do there.
CREATE TABLE member (
  tenant_id uuid NOT NULL,
  person_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('viewer', 'member', 'admin', 'owner')),
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (tenant_id, person_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (person_id) REFERENCES person (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX member_person_id_idx ON member (person_id);

-- A browser in which a person has signed in. The cookie holds the token, the table only its SHA-256. It ends with the
-- membership in the tenant that it looks at.
CREATE TABLE person_session (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  person_id uuid NOT NULL,
  hash text NOT NULL,
  tenant_id uuid,
  ip_address text,
  user_agent text,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(3) NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY (person_id) REFERENCES person (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, person_id) REFERENCES member (tenant_id, person_id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE UNIQUE INDEX person_session_hash_key ON person_session (hash);
CREATE INDEX person_session_person_id_idx ON person_session (person_id);
CREATE INDEX person_session_tenant_id_person_id_idx ON person_session (tenant_id, person_id);

-- What is good for one time and not for long: a sign-in that waits for its second factor, the code of the first owner.
CREATE TABLE verification (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  identifier text NOT NULL,
  value text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (id)
);
CREATE INDEX verification_identifier_idx ON verification (identifier);
CREATE INDEX verification_expires_at_idx ON verification (expires_at);

-- What a person's second factor reckons with, sealed, and how often it was wrong of late.
CREATE TABLE second_factor (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  person_id uuid NOT NULL,
  secret text NOT NULL,
  backup_codes text NOT NULL,
  verified boolean NOT NULL DEFAULT true,
  failed_verification_count integer NOT NULL DEFAULT 0,
  locked_until timestamptz(3),
  PRIMARY KEY (id),
  FOREIGN KEY (person_id) REFERENCES person (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX second_factor_person_id_idx ON second_factor (person_id);

-- Who may become a member, by a link that is good once. The table has the SHA-256 of what is in the link.
CREATE TABLE invitation (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('viewer', 'member', 'admin', 'owner')),
  hash bytea NOT NULL,
  invited_by_kind text NOT NULL,
  invited_by_id text NOT NULL,
  invited_by_name text,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(3) NOT NULL,
  accepted_at timestamptz(3),
  revoked_at timestamptz(3),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX invitation_hash_idx ON invitation (hash);
