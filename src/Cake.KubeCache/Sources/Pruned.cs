using Cake.KubeCache.Model;

namespace Cake.KubeCache.Sources;

/// <summary>Fetches again what another process pruned between its landing and its entry in the cache manifest.</summary>
internal static class Pruned
{
    private const int Attempts = 3;

    /// <summary>Runs a fetch until it could be entered.</summary>
    /// <param name="fetch">Gives null when a blob vanished before it could be entered.</param>
    /// <exception cref="KubeCacheException">It vanished every time (<see cref="ErrorKind.Retry"/>).</exception>
    public static async Task<FetchOutcome> AgainAsync(Func<Task<FetchOutcome?>> fetch)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (await fetch().ConfigureAwait(false) is { } outcome)
            {
                return outcome;
            }
        }

        throw new KubeCacheException(ErrorKind.Retry, new Fault("what was fetched was removed from the cache by another process, again and again") { Hint = "let Prune end before Fetch" });
    }
}
