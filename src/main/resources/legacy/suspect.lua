-- Invariant: what a consumer handles alone is known before it begins, also to a server that is out of memory.
-- KEYS suspects   ARGV processing list, mark
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return {1}
