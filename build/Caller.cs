using Cake.Core.IO;

namespace Build;

/// <summary>Where the host was called from: paths on the command line are relative to it, though the build runs in the repository's root.</summary>
/// <param name="Directory">The working directory at start.</param>
public sealed record Caller(DirectoryPath Directory);
