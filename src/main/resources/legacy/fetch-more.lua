-- Invariant: every message is in one list at every moment, oldest at the tail. LMOVE one by one and not RPOP with LPUSH:
-- the append-only file then records names, not payloads.
-- KEYS queue, processing list, consumers   ARGV how many at most, bytes after which no more are taken
redis.call('SADD', KEYS[3], KEYS[2])
local taken = {}
local room = tonumber(ARGV[2])
for i = 1, tonumber(ARGV[1]) do
  if room <= 0 then
    break
  end
  local message = redis.call('LMOVE', KEYS[1], KEYS[2], 'RIGHT', 'LEFT')
  if not message then
    break
  end
  taken[i] = message
  room = room - #message
end
return taken
