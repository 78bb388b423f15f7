-- Invariant: while an instance is alive its lists in use are in the set where reapers look.
-- KEYS consumers, heartbeat, seen   ARGV instance, lease (ms), memory (ms), lists in use
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[3])
for i = 4, #ARGV do
  redis.call('SADD', KEYS[1], ARGV[i])
end
return {1}
