/** A real cluster, or a lab, read through fabric8's client and said in mesh words. Nothing of fabric8 leaves this package. */
@NullMarked
package io.beringia.discovery.kube;

import org.jspecify.annotations.NullMarked;
