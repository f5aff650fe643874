package io.beringia.discovery.kube;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Asks our own API server whose a token is ({@code authentication/v1 TokenReview}). Nothing is remembered: a token that was
 * taken back is refused by the next question. Any thread; it waits for the answer.
 */
public final class TokenReviews implements AutoCloseable {
    /** What Istio's components ask for in their projected tokens. */
    private static final String AUDIENCE = "istio-ca";

    private static final String SERVICE_ACCOUNTS = "system:serviceaccounts";
    private static final String POD_NAME = "authentication.kubernetes.io/pod-name";

    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

    /** When every proxy comes back at once, the API server is asked by so many at a time; the others come again. */
    private static final int AT_ONCE_MAX = 32;

    private final Semaphore permits = new Semaphore(AT_ONCE_MAX);
    private final ExecutorService tasks = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("token-review-", 0).factory());
    private final KubernetesClient client;

    public TokenReviews(Kubeconfig access) {
        this.client = KubeClients.connect(access, ANSWER_MAX, tasks);
    }

    /** Waits at most {@link #ANSWER_MAX} for its turn, and as long again for the answer. */
    public Reviewed review(String token) throws InterruptedException {
        if (!permits.tryAcquire(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
            return new Reviewed.Unavailable(AT_ONCE_MAX + " reviews are under way");
        }
        try {
            return reviewed(client.tokenReviews().create(question(token)));
        } catch (KubernetesClientException silent) {
            return new Reviewed.Unavailable(
                    silent.getCode() == 0 ? "the API does not answer" : "status " + silent.getCode());
        } finally {
            permits.release();
        }
    }

    private static TokenReview question(String token) {
        return new TokenReviewBuilder()
                .withNewSpec()
                .withToken(token)
                .withAudiences(AUDIENCE)
                .endSpec()
                .build();
    }

    /** Fails closed: whatever is not said is no proof. */
    static Reviewed reviewed(TokenReview answer) {
        return Optional.ofNullable(answer.getStatus())
                .filter(status -> Boolean.TRUE.equals(status.getAuthenticated()))
                .filter(status ->
                        status.getAudiences() != null && status.getAudiences().contains(AUDIENCE))
                .flatMap(TokenReviews::account)
                .orElseGet(() -> new Reviewed.Refused("not a token of a service account for " + AUDIENCE));
    }

    private static Optional<Reviewed> account(TokenReviewStatus status) {
        UserInfo user = status.getUser();
        if (user == null
                || user.getUsername() == null
                || user.getGroups() == null
                || !user.getGroups().contains(SERVICE_ACCOUNTS)) {
            return Optional.empty();
        }
        List<String> parts = List.of(user.getUsername().split(":", -1));
        return parts.size() == 4
                        && parts.get(0).equals("system")
                        && parts.get(1).equals("serviceaccount")
                ? Optional.of(new Reviewed.Account(parts.get(2), parts.get(3), pod(user)))
                : Optional.empty();
    }

    private static Optional<String> pod(UserInfo user) {
        return Optional.ofNullable(user.getExtra())
                .flatMap(extra -> Optional.ofNullable(extra.get(POD_NAME)))
                .filter(names -> names.size() == 1)
                .map(List::getFirst);
    }

    @Override
    public void close() {
        client.close();
        tasks.shutdownNow();
    }
}
