package dev.shunt.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a workload's unstamped queue messages become items. */
public interface MessageCodec {

    /**
     * @param message as an existing producer pushed it, without a stamp
     * @param now the acceptance time
     */
    Reading read(byte[] message, Instant now);

    sealed interface Reading {
        /**
         * @param decoded see {@link Delivery#decoded()}
         */
        record Read(Item item, @Nullable Object decoded) implements Reading {

            public Read(Item item) {
                this(item, null);
            }
        }

        /** @param reason names the field */
        record Undecodable(String reason) implements Reading {}
    }
}
