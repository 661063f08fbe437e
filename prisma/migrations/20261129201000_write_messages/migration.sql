-- functions: cdf2a0e6904ad3aa028cfd922597220586cefd6188c138ec09982a8966d81df6

-- Only the functions: messages that are written at a time share a transaction.
