package dev.shunt.intake;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The HTTP door, {@code shunt.door.*}.
 *
 * @param maxBody largest request body; a larger one is refused with 413; 1 KB..64 MB
 * @param maxConcurrent requests in hand at one time; more are refused with 503 at once; 1..10 000, below the number of
 *     server threads so that health and API keep some
 * @param maxInHand bytes of request bodies in hand at one time; more are refused with 503; at least {@code max-body};
 *     1 KB..1 GB
 */
@ConfigurationProperties("shunt.door")
record DoorSettings(
        @DefaultValue("5MB") DataSize maxBody,
        @DefaultValue("128") int maxConcurrent,
        @DefaultValue("128MB") DataSize maxInHand) {

    DoorSettings {
        if (maxBody.toBytes() < 1_024
                || maxBody.toBytes() > DataSize.ofMegabytes(64).toBytes()) {
            throw new IllegalArgumentException("shunt.door.max-body must be 1KB..64MB, was " + maxBody);
        }
        if (maxConcurrent < 1 || maxConcurrent > 10_000) {
            throw new IllegalArgumentException("shunt.door.max-concurrent must be 1..10000, was " + maxConcurrent);
        }
        if (maxInHand.toBytes() < 1_024 || maxInHand.compareTo(DataSize.ofGigabytes(1)) > 0) {
            throw new IllegalArgumentException("shunt.door.max-in-hand must be 1KB..1GB, was " + maxInHand);
        }
        if (maxInHand.compareTo(maxBody) < 0) {
            throw new IllegalArgumentException(
                    "shunt.door.max-in-hand must be at least shunt.door.max-body (" + maxBody + "), was " + maxInHand);
        }
    }
}
