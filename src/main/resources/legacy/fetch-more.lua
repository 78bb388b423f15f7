-- Invariant: every message is in one list at every moment, oldest at the tail. LMOVE one by one and not RPOP with LPUSH:
-- the append-only file then records names, not payloads.
-- KEYS queue, processing list, consumers   ARGV how many at most
redis.call('SADD', KEYS[3], KEYS[2])
local taken = {}
for i = 1, tonumber(ARGV[1]) do
  local message = redis.call('LMOVE', KEYS[1], KEYS[2], 'RIGHT', 'LEFT')
  if not message then
    break
  end
  taken[i] = message
end
return taken
