package dev.shunt.cli.chaos;

import java.util.Locale;

/** The backends that a fault can hit; named as the {@code backends} command names them. */
enum Server {
    POSTGRES,
    REDIS,
    TEMPORAL;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
