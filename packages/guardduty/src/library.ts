/** Name and version for audit records; a test keeps the version equal to the package's. */
export const library = '@remedykit/guardduty@0.0.0';
