/** Name and version for audit records; a test keeps the version equal to the package's. */
export const library = '@remedykit/iam@0.0.0';
