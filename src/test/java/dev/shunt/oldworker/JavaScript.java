package dev.shunt.oldworker;

import java.math.BigDecimal;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON as Node writes what it has parsed: every number went through a double. */
final class JavaScript {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JavaScript() {}

    /** Missing is JSON's null, as the old worker stored it. */
    static String stringify(JsonNode value) {
        if (value.isNumber()) {
            return number(value.asDouble());
        }
        if (value.isObject()) {
            var members = new StringJoiner(",", "{", "}");
            value.properties()
                    .forEach(member ->
                            members.add(JSON.writeValueAsString(member.getKey()) + ":" + stringify(member.getValue())));
            return members.toString();
        }
        if (value.isArray()) {
            var elements = new StringJoiner(",", "[", "]");
            value.forEach(element -> elements.add(stringify(element)));
            return elements.toString();
        }
        return value.isMissingNode() || value.isNull() ? "null" : JSON.writeValueAsString(value);
    }

    /** The shortest digits that read as the same double; written out below 10^21. */
    private static String number(double value) {
        var digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        return Math.abs(value) < 1e21 ? digits.toPlainString() : digits.toString();
    }
}
