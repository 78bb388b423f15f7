package dev.shunt.comparison.gates;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them. */
final class Words {

    private Words() {}

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A share as a percentage with three digits that count: {@code 0.123 %}. */
    static String percent(double share) {
        return digits(share * 100) + " %";
    }

    /** A difference of shares in percentage points. */
    static String points(double difference) {
        return digits(difference * 100);
    }

    static String millis(long micros) {
        return digits(micros / 1_000.0) + " ms";
    }

    static String seconds(double micros) {
        return digits(micros / 1_000_000) + " s";
    }

    /** The e-value, given its logarithm. */
    static String odds(double log) {
        return log > 20 ? "over 400,000,000" : log > 4 ? count(Math.round(Math.exp(log))) : digits(Math.exp(log));
    }

    static String digits(double number) {
        if (number == 0 || Math.abs(number) < 1e-9 || !Double.isFinite(number)) {
            return number == 0 || Double.isFinite(number) ? "0" : String.valueOf(number);
        }
        BigDecimal rounded = new BigDecimal(number).round(new MathContext(3)).stripTrailingZeros();
        return Math.abs(number) >= 1_000 ? count(Math.round(number)) : rounded.toPlainString();
    }
}
