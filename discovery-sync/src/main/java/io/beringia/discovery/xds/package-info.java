/** Delta xDS as data planes ask for it: what each client has and wants, and the server around it. */
@NullMarked
package io.beringia.discovery.xds;

import org.jspecify.annotations.NullMarked;
