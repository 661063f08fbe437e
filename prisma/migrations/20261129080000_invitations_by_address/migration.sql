-- Who comes by a provider of identities is let in where their address is invited, whichever tenant it is to.
CREATE INDEX invitation_email_idx ON invitation (email);
