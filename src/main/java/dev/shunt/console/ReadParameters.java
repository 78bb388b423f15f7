package dev.shunt.console;

import dev.shunt.core.Divergence;
import dev.shunt.core.InRoles;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads the parameters of the read API; what is wrong is named in the answer. */
@InRoles
@Component
final class ReadParameters {

    private final WorkloadCatalog catalog;

    ReadParameters(WorkloadCatalog catalog) {
        this.catalog = catalog;
    }

    Workload workload(String name) {
        return catalog.workloads().stream()
                .filter(known -> known.name().equals(name))
                .findAny()
                .orElseThrow(() -> ApiException.notFound("no such workload; known: " + known()));
    }

    static Instant instant(String parameter, @Nullable String text, Instant absent) {
        if (text == null || text.isBlank()) {
            return absent;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException malformed) {
            throw ApiException.badRequest(parameter + " must be a time such as 2026-11-21T08:00:00Z");
        }
    }

    static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException malformed) {
            throw ApiException.badRequest("day must be a date such as 2026-11-21");
        }
    }

    static @Nullable Instant instantOrNull(String parameter, @Nullable String text) {
        return text == null || text.isBlank() ? null : instant(parameter, text, Instant.EPOCH);
    }

    static Divergence.@Nullable Kind kind(@Nullable String text) {
        return oneOf("kind", Divergence.Kind.class, text);
    }

    static <E extends Enum<E>> @Nullable E oneOf(String parameter, Class<E> type, @Nullable String text) {
        return text == null || text.isBlank() ? null : required(parameter, type, text);
    }

    static <E extends Enum<E>> E required(String parameter, Class<E> type, String text) {
        E[] known = type.getEnumConstants();
        return Arrays.stream(known)
                .filter(value ->
                        value.name().equals(text.toUpperCase(Locale.ROOT).replace('-', '_')))
                .findAny()
                .orElseThrow(() -> ApiException.badRequest(parameter + " must be one of " + Arrays.toString(known)));
    }

    static void between(String parameter, long value, long least, long most) {
        if (value < least || value > most) {
            throw ApiException.badRequest(parameter + " must be " + least + ".." + most + ", was " + value);
        }
    }

    private List<String> known() {
        return catalog.workloads().stream().map(Workload::name).sorted().toList();
    }
}
