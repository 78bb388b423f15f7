-- Invariant: a processing list is known, and its owner counts as alive, before the first message can be in it.
-- KEYS consumers, heartbeat, seen   ARGV list, instance, lease (ms), memory (ms)
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
redis.call('SET', KEYS[3], ARGV[2], 'PX', ARGV[4])
return {1}
