package dev.shunt.legacy;

import io.lettuce.core.api.sync.RedisCommands;
import java.util.Optional;

/** How a consumer takes messages over one connection. */
interface Fetching {

    /** Takes and works off messages until a stop is asked for; any fault of Redis ends it with its exception. */
    void serve(RedisCommands<String, byte[]> redis);

    /** The processing list that only this consumer may touch at this moment. */
    Optional<String> listInUse();
}
