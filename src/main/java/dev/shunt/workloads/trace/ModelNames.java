package dev.shunt.workloads.trace;

final class ModelNames {
    private ModelNames() {}

    static String summaryName(String m) {
        return m.strip().toLowerCase(java.util.Locale.ROOT);
    }

    static String normalised(String m) {
        return summaryName(m);
    }

    static String provider(String m) {
        return m.startsWith("gpt-4") ? "openai" : "unknown";
    }
}
