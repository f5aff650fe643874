package io.beringia.trust.kube;

import io.beringia.trust.issuance.TokenReviewer;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Token reviews by the API server ({@code authentication.k8s.io/v1}). Any thread. Nothing is remembered: a token that was
 * taken back is refused by the next question. What the API server does not say counts as a no.
 */
record KubeTokens(KubernetesClient client) implements TokenReviewer {

    @Override
    public Review review(String token, String audience) {
        TokenReview question = new TokenReviewBuilder()
                .withNewSpec()
                .withToken(token)
                .withAudiences(audience)
                .endSpec()
                .build();
        try {
            return Optional.ofNullable(client.tokenReviews().create(question))
                    .flatMap(answer -> Optional.ofNullable(answer.getStatus()))
                    .map(KubeTokens::read)
                    .orElseGet(() -> new Refused("token review: without a status"));
        } catch (KubernetesClientException silent) {
            return new Unreachable(
                    "token review: " + (silent.getCode() <= 0 ? "no answer" : "HTTP " + silent.getCode()));
        }
    }

    private static Review read(TokenReviewStatus status) {
        UserInfo user = status.getUser();
        if (!Boolean.TRUE.equals(status.getAuthenticated()) || user == null || user.getUsername() == null) {
            return new Refused("token: unknown to the API server");
        }
        return new Genuine(
                user.getUsername(),
                Set.copyOf(orEmpty(user.getGroups())),
                orEmpty(status.getAudiences()),
                Optional.ofNullable(user.getExtra()).orElse(Map.of()));
    }

    private static List<String> orEmpty(List<String> values) {
        return Optional.ofNullable(values).orElse(List.of());
    }

    @Override
    public String toString() {
        return "KubeTokens[" + client.getMasterUrl() + "]";
    }
}
