-- functions: 83fcddc31322d4932a15c2fdc80d934237b845f961adcb20c75a04c18e458f77

-- Only the functions: where the tables are partitioned by tenant, a search asks the index of one partition.
