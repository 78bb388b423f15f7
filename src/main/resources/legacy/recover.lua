-- Invariants: only a list whose owner has no heartbeat at this very moment is emptied; newest goes first, so the oldest
-- is at the tail and consumed next; a message is blamed for a death only if it was being handled, alone, when its
-- process died. The list stays in the set, because a paused owner may still drop one message into it, until nothing
-- has been seen of that owner for a day.
-- KEYS heartbeat, processing list, recovered, suspects, deaths, seen, consumers   ARGV instance, ABANDONED or DEAD
-- Answers the number of messages moved, or -1 if the owner is alive.
if ARGV[2] == 'DEAD' and redis.call('EXISTS', KEYS[1]) == 1 then
  return {-1}
end
local suspect = redis.call('HGET', KEYS[4], KEYS[2])
if suspect then
  if ARGV[2] == 'DEAD' and redis.call('LLEN', KEYS[2]) == 1 then
    local sha, key = string.match(suspect, '^(%x+)|(.*)$')
    local blamed = redis.call('HGET', KEYS[5], sha) or ''
    if not string.find(' ' .. blamed .. ' ', ' ' .. ARGV[1] .. ' ', 1, true) then
      redis.call('HSET', KEYS[5], sha, blamed == '' and ARGV[1] or blamed .. ' ' .. ARGV[1])
    end
    if key ~= '' then
      redis.call('HSET', KEYS[5], sha .. '|key', key)
    end
  end
  redis.call('HDEL', KEYS[4], KEYS[2])
end
local moved = 0
while redis.call('LMOVE', KEYS[2], KEYS[3], 'LEFT', 'RIGHT') do
  moved = moved + 1
end
if redis.call('EXISTS', KEYS[6]) == 0 then
  redis.call('SREM', KEYS[7], KEYS[2])
end
return {moved}
