-- Invariant: an instance that leaves is taken over at once (no heartbeat), and only lists that it emptied and will never
-- use again are forgotten.
-- KEYS consumers, heartbeat   ARGV lists in use until now
redis.call('DEL', KEYS[2])
for _, list in ipairs(ARGV) do
  if redis.call('LLEN', list) == 0 then
    redis.call('SREM', KEYS[1], list)
  end
end
return {1}
