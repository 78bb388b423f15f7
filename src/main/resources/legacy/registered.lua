-- Invariant: every key comes with the payload that it had at this one moment.
-- KEYS registry, age   ARGV upper bound of the score, limit
-- Answers key, payload, key, payload, ... oldest first.
local found = {}
for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])) do
  local payload = redis.call('HGET', KEYS[1], key)
  if payload then
    found[#found + 1] = key
    found[#found + 1] = payload
  end
end
return found
