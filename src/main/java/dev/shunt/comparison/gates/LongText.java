package dev.shunt.comparison.gates;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;

/** Sets of 64-bit numbers as text: eight or nine bytes for a hash, one or two for a number among many near ones. */
final class LongText {

    private LongText() {}

    /** In no order; each number once. */
    static String of(Collection<Long> numbers) {
        return of(numbers.stream().mapToLong(Long::longValue).toArray());
    }

    static String of(long[] numbers) {
        long[] sorted = numbers.clone();
        Arrays.sort(sorted);
        var bytes = new ByteArrayOutputStream(sorted.length * 9);
        long before = 0;
        for (long number : sorted) {
            long step = number - before; // may overflow, and does so again when it is read
            while ((step & ~0x7FL) != 0) {
                bytes.write((int) (step & 0x7F) | 0x80);
                step >>>= 7;
            }
            bytes.write((int) step);
            before = number;
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /**
     * What was written by {@link #of}, sorted.
     *
     * @throws IllegalArgumentException if it was not
     */
    static long[] read(String text) {
        byte[] bytes = Base64.getDecoder().decode(text);
        long[] numbers = new long[bytes.length];
        int count = 0;
        long before = 0;
        for (int at = 0; at < bytes.length; count++) {
            long step = 0;
            int shift = 0;
            int octet;
            do {
                if (at >= bytes.length || shift > 63) {
                    throw new IllegalArgumentException("numbers end in the middle of one, at byte " + at);
                }
                octet = bytes[at++];
                step |= (octet & 0x7FL) << shift;
                shift += 7;
            } while (octet < 0);
            before += step;
            numbers[count] = before;
        }
        return Arrays.copyOf(numbers, count);
    }
}
