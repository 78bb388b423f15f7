-- Invariants: a tapped message leaves the processing list and enters the registry in one step (that is its acceptance);
-- only who still holds the message may do it; the fence and the stop order hold here as at the door; a copy of a
-- registered item is removed only because its payload is seen in the registry.
-- KEYS processing list, book, registry, age, fence, stop, duplicates
-- ARGV for each: message in the list, key, entry, stamped message, epoch, accepted (microseconds)
-- Answers for each: {REGISTERED} | {DUPLICATE} | {FENCED} | {GONE} | {KNOWN, entry}; the last three stay where they are.
local fence = tonumber(redis.call('GET', KEYS[5]) or '0')
local stopped = redis.call('EXISTS', KEYS[6]) == 1
local answers = {}
for i = 1, #ARGV, 6 do
  local raw, key = ARGV[i], ARGV[i + 1]
  local answer
  if redis.call('HEXISTS', KEYS[3], key) == 1 then
    if redis.call('LREM', KEYS[1], -1, raw) == 1 then
      redis.call('HINCRBY', KEYS[7], 'TEMPORAL', 1)
      answer = {'DUPLICATE'}
    else
      answer = {'GONE'}
    end
  elseif stopped or tonumber(ARGV[i + 4]) < fence then
    answer = {'FENCED'}
  else
    local known = redis.call('HGET', KEYS[2], key)
    if known then
      answer = {'KNOWN', known}
    elseif redis.call('LREM', KEYS[1], -1, raw) == 0 then
      answer = {'GONE'}
    else
      redis.call('HSET', KEYS[2], key, ARGV[i + 2])
      redis.call('HSET', KEYS[3], key, ARGV[i + 3])
      redis.call('ZADD', KEYS[4], ARGV[i + 5], key)
      answer = {'REGISTERED'}
    end
  end
  answers[#answers + 1] = answer
end
return answers
