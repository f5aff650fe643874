package io.beringia.scenarios.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestTest {
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "web", "web ", " 1", "web -1", "web 1 2", "web x", "web 9999999999999999999"})
    void everything_but_a_name_and_a_number_is_no_request(String line) {
        assertThat(Request.parse(line)).isEmpty();
    }

    @Test
    void requests_and_answers_are_read_back_as_they_were_written() {
        Request request = new Request("web-east", 42);
        Answer answer = new Answer("us-east", "spiffe://cluster.local/ns/demo/sa/client", request);
        assertThat(Request.parse(request.toString())).contains(request);
        assertThat(Answer.parse(answer.toString())).contains(answer);
    }
}
