package dev.shunt.legacy;

import dev.shunt.core.ItemKey;
import dev.shunt.core.Sha256;
import dev.shunt.core.Stamp;
import org.jspecify.annotations.Nullable;

/** A recovered message that is handled alone, known by the SHA-256 of its bytes without a stamp. */
final class Suspect {

    private final String sha256;
    private @Nullable ItemKey key;

    Suspect(byte[] raw) {
        sha256 = Sha256.hex(Stamp.split(raw).message());
    }

    String sha256() {
        return sha256;
    }

    /** Once it is decoded: its book entry must be settled if it turns out to be a killer. */
    void identified(ItemKey as) {
        key = as;
    }

    String mark() {
        return sha256 + "|" + (key == null ? "" : key.value());
    }
}
