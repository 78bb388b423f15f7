package dev.shunt.architecture.bad.store;

import io.lettuce.core.RedisClient;

/** Imports what this package must not know. */
record KnowsRedis(RedisClient forbidden) {}
