package io.beringia.gateway.observe;

import io.beringia.gateway.tls.TlsContexts;

/** A connection on which a gateway is asked, as whoever asks sees it. Any thread. */
interface ProbeLine {
    /** Whether it was made with these contexts, for this look. */
    boolean isCurrent(TlsContexts contexts, Look wanted);

    /** It has ended, or is about to. */
    boolean isOver();

    /** It was answered on at least once. */
    boolean isProven();

    void ask();

    void close();
}
