package dev.shunt.workloads.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelNamesTest {

    @ParameterizedTest
    @CsvSource({
        "gpt-4, gpt-4, openai",
        "' GPT-4o ', gpt-4o, openai",
        "gpt-4-0613, gpt-4, openai",
        "gpt-4-0125-preview, gpt-4-0125, openai",
        "gpt-4o-2024-08-06, gpt-4o-2024-08-06, openai",
        "claude-3-5-sonnet-20241022, claude-3-5-sonnet, anthropic",
        "x-1234-20241022, x, unknown",
        "x-beta-1234, x, unknown",
        "x-preview-beta, x-preview, unknown",
        "gpt-3.5-turbo, gpt-3.5-turbo, openai",
        "o1-mini, o1-mini, openai",
        "o3, o3, openai",
        "gpt-5, gpt-5, openai",
        "chatgpt-4o-latest, chatgpt-4o-latest, openai",
        "text-embedding-3-small, text-embedding-3-small, openai",
        "embed-english-v3.0, embed-english-v3.0, cohere",
        "gemini-1.5-pro, gemini-1.5-pro, google",
        "Mixtral-8x7B, mixtral-8x7b, mistral",
        "llama-3-70b, llama-3-70b, meta"
    })
    void a_model_is_priced_under_its_normalised_name_and_provider(String model, String normalised, String provider) {
        assertThat(ModelNames.normalised(model)).isEqualTo(normalised);
        assertThat(ModelNames.provider(model)).isEqualTo(provider);
        assertThat(ModelNames.provider(normalised)).isEqualTo(provider);
    }

    @Test
    void a_summary_name_is_trimmed_and_lower_case_whatever_the_locale() {
        assertThat(ModelNames.summaryName("\u00a0 GPT-4I\t")).isEqualTo("gpt-4i");
        assertThat(ModelNames.summaryName("  ")).isEmpty();
    }

    @Test
    void no_model_can_be_taken_for_the_sum_of_all() {
        assertThat(ModelNames.summaryName(" __ALL__ ")).isEqualTo("\\__all__");
        assertThat(ModelNames.summaryName("\\__all__")).isEqualTo("\\\\__all__");
        assertThat(ModelNames.summaryName("my__all__")).isEqualTo("my__all__");
    }
}
