package dev.shunt.workloads.trace;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The names under which a model is summarised and priced. */
final class ModelNames {

    /** The row of the daily summary that sums all models. */
    static final String ALL = "__all__";

    private static final Pattern LIKE_ALL = Pattern.compile("\\\\*__all__");
    private static final Pattern DATE = Pattern.compile("-\\d{8}\\z");
    private static final Pattern VERSION = Pattern.compile("-\\d{4}\\z");
    private static final Pattern STAGE = Pattern.compile("-(preview|beta|alpha)\\z");
    private static final Map<String, String> PROVIDERS = providers();

    private ModelNames() {}

    /** Trimmed, lower case. A model that calls itself {@code __all__} gets a backslash, so that no sum is mixed up. */
    static String summaryName(String model) {
        String name = plain(model);
        return LIKE_ALL.matcher(name).matches() ? "\\" + name : name;
    }

    /** Whether anything is left of it when it is trimmed. */
    static boolean isNamed(String model) {
        for (int i = 0; i < model.length(); i++) {
            if (!isBlank(model.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** The name in the price list: without its date, its four-digit version and its stage, each cut once. */
    static String normalised(String model) {
        String undated = DATE.matcher(plain(model)).replaceFirst("");
        String unversioned = VERSION.matcher(undated).replaceFirst("");
        return STAGE.matcher(unversioned).replaceFirst("");
    }

    /** By the first prefix that fits; {@code unknown} if none does. */
    static String provider(String model) {
        String name = plain(model);
        for (Map.Entry<String, String> provider : PROVIDERS.entrySet()) {
            if (name.startsWith(provider.getKey())) {
                return provider.getValue();
            }
        }
        return "unknown";
    }

    // Trims what JavaScript trims: a no-break space pasted into a name is not part of it.
    private static String plain(String model) {
        int start = 0;
        int end = model.length();
        while (start < end && isBlank(model.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(model.charAt(end - 1))) {
            end--;
        }
        return model.substring(start, end).toLowerCase(Locale.ROOT);
    }

    private static boolean isBlank(char c) {
        return Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == '\uFEFF';
    }

    private static Map<String, String> providers() {
        Map<String, String> providers = new LinkedHashMap<>();
        providers.put("gpt-4", "openai");
        providers.put("gpt-5", "openai");
        providers.put("chatgpt", "openai");
        providers.put("gpt-3.5", "openai");
        providers.put("o1", "openai");
        providers.put("o3", "openai");
        providers.put("o4", "openai");
        providers.put("text-davinci", "openai");
        providers.put("text-embedding", "openai");
        providers.put("claude", "anthropic");
        providers.put("gemini", "google");
        providers.put("palm", "google");
        providers.put("command", "cohere");
        providers.put("embed", "cohere");
        providers.put("mistral", "mistral");
        providers.put("mixtral", "mistral");
        providers.put("llama", "meta");
        return providers;
    }
}
