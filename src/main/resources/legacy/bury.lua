-- Invariant: a message is pushed to the dead-letter list by the step that takes it out of hand, so repeating this, or
-- doing it after a reaper took the message away, pushes nothing.
-- KEYS processing list, dead-letter list, book, registry, age   ARGV message in the list, message without stamp, key or ''
if redis.call('LREM', KEYS[1], -1, ARGV[1]) == 0 then
  return {0}
end
redis.call('LPUSH', KEYS[2], ARGV[2])
if ARGV[3] ~= '' then
  redis.call('HDEL', KEYS[3], ARGV[3])
  redis.call('HDEL', KEYS[4], ARGV[3])
  redis.call('ZREM', KEYS[5], ARGV[3])
end
return {1}
