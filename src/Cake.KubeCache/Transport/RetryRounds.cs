using Cake.KubeCache.Model;
using Polly;
using Polly.Retry;

namespace Cake.KubeCache.Transport;

/// <summary>
/// Tries places in order until one answers. What may work later (<see cref="ErrorKind.Retry"/>) is tried again after a pause, in
/// rounds over the places that are left; what will not work is not tried again.
/// </summary>
/// <param name="attempts">Rounds in all, at least 1 (<c>download_retries</c>).</param>
/// <param name="stagger">First pause; it doubles, with jitter (<c>retry_stagger</c>). <c>Retry-After</c> goes before it.</param>
internal sealed class RetryRounds(int attempts, TimeSpan stagger)
{
    /// <summary>A server that wants to be left alone for longer is given up.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    /// <summary>Runs <paramref name="attempt"/> over the places.</summary>
    /// <param name="places">Where to try, best first.</param>
    /// <param name="attempt">One try at one place; reports failure as a <see cref="KubeCacheException"/>.</param>
    /// <param name="say">Told about every pause.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KubeCacheException">No place answered: the last fault of each.</exception>
    public async Task<T> RunAsync<TPlace, T>(IReadOnlyList<TPlace> places, Func<TPlace, CancellationToken, Task<T>> attempt, Action<string> say, CancellationToken cancellationToken)
        where TPlace : notnull
    {
        var faults = new Dictionary<TPlace, KubeCacheException>();
        return await Pipeline(say).ExecuteAsync(
            async token =>
            {
                foreach (var place in places)
                {
                    if (faults.TryGetValue(place, out var before) && before.Kind != ErrorKind.Retry)
                    {
                        continue;
                    }

                    try
                    {
                        return await attempt(place, token).ConfigureAwait(false);
                    }
                    catch (KubeCacheException e)
                    {
                        faults[place] = e;
                    }
                }

                throw Join([.. places.Where(faults.ContainsKey).Select(p => faults[p])]);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs <paramref name="attempt"/> where there is only one place.</summary>
    public Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> attempt, Action<string> say, CancellationToken cancellationToken) =>
        RunAsync<int, T>([0], (_, token) => attempt(token), say, cancellationToken);

    private static KubeCacheException Join(IReadOnlyList<KubeCacheException> errors)
    {
        if (errors.Count == 1)
        {
            return errors[0];
        }

        var again = errors.Where(e => e.Kind == ErrorKind.Retry).ToList();
        return new KubeCacheException(again.Count > 0 ? ErrorKind.Retry : errors[0].Kind, [.. errors.SelectMany(e => e.Faults)], errors[^1])
        {
            RetryAfter = again.Count > 0 && again.All(e => e.RetryAfter is not null) ? again.Min(e => e.RetryAfter) : null,
        };
    }

    private ResiliencePipeline Pipeline(Action<string> say)
    {
        if (attempts <= 1)
        {
            return ResiliencePipeline.Empty;
        }

        return new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is KubeCacheException { Kind: ErrorKind.Retry } e && !(e.RetryAfter > LongestRetryAfter)),
                MaxRetryAttempts = attempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = stagger,
                MaxDelay = LongestPause > stagger ? LongestPause : stagger,
                DelayGenerator = args => ValueTask.FromResult(args.Outcome.Exception is KubeCacheException e ? e.RetryAfter : null),
                OnRetry = args =>
                {
                    var why = (args.Outcome.Exception as KubeCacheException)?.Faults[0];
                    say(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"attempt {args.AttemptNumber + 1} of {attempts} failed ({why?.Got ?? why?.What}); again in {args.RetryDelay.TotalSeconds:0.#} s"));
                    return default;
                },
            })
            .Build();
    }
}
