package dev.shunt.intake;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The HTTP door, {@code shunt.door.*}.
 *
 * @param maxBody largest request body; a larger one is refused with 413
 */
@ConfigurationProperties("shunt.door")
record DoorSettings(@DefaultValue("5MB") DataSize maxBody) {

    DoorSettings {
        if (maxBody.toBytes() < 1_024
                || maxBody.toBytes() > DataSize.ofMegabytes(64).toBytes()) {
            throw new IllegalArgumentException("shunt.door.max-body must be 1KB..64MB, was " + maxBody);
        }
    }
}
