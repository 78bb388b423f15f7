package dev.shunt.core;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One row of a summary as it was, or is, and as its repair makes it.
 *
 * @param row its name within project and day, for example a model
 * @param before its figures as JSON; null if there was no such row
 * @param after the same; null if the row goes
 */
public record SummaryChange(
        String project,
        LocalDate day,
        String row,
        @Nullable String before,
        @Nullable String after) {}
