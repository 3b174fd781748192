{ inventory = { meta.name = "harbour"; machines.jon.tags = [ "backup" ]; }; }
