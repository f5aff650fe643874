package io.beringia.gateway.outbound;

import java.io.IOException;

/** This process may open no further socket. */
public final class NoDescriptorException extends IOException {
    private static final long serialVersionUID = 1;

    NoDescriptorException() {
        super("socket: none left (expected: fewer connections, or a higher limit of open files)");
    }

    NoDescriptorException(Throwable cause) {
        this();
        initCause(cause);
    }
}
