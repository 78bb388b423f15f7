package dev.shunt.cli;

import java.math.BigDecimal;

/**
 * One row of a daily cost summary.
 *
 * @param day UTC day of the spans' starts
 * @param model as sent, trimmed and lower-cased; {@code __all__} for the day's total
 */
public record CostRow(
        String day,
        String model,
        long spans,
        long unpriced,
        long promptTokens,
        long completionTokens,
        long totalTokens,
        BigDecimal inputCost,
        BigDecimal outputCost,
        BigDecimal totalCost) {

    public CostRow {
        inputCost = plain(inputCost);
        outputCost = plain(outputCost);
        totalCost = plain(totalCost);
    }

    /** No span at all. */
    public static CostRow empty(String day, String model) {
        return new CostRow(day, model, 0, 0, 0, 0, 0, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);
    }

    /** Both together, under this row's name. */
    public CostRow plus(CostRow other) {
        return new CostRow(
                day,
                model,
                spans + other.spans,
                unpriced + other.unpriced,
                promptTokens + other.promptTokens,
                completionTokens + other.completionTokens,
                totalTokens + other.totalTokens,
                inputCost.add(other.inputCost),
                outputCost.add(other.outputCost),
                totalCost.add(other.totalCost));
    }

    /** Day and model: what rows are matched by. */
    String name() {
        return day + " " + model;
    }

    // 0.10 and 0.1 are the same money: only then is equals() equality to the last digit.
    private static BigDecimal plain(BigDecimal cost) {
        return cost.signum() == 0 ? BigDecimal.ZERO : cost.stripTrailingZeros();
    }
}
