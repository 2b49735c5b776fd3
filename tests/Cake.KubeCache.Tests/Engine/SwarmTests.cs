using System.Globalization;
using Cake.KubeCache.Engine.Fanout;
using Cake.KubeCache.Model;
using Shouldly;

namespace Cake.KubeCache.Tests.Engine;

public sealed class SwarmTests
{
    private static readonly Digest First = Digest.Sha256(new string('a', 64));
    private static readonly Digest Second = Digest.Sha256(new string('b', 64));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sends_a_content_once_and_has_it_passed_on_by_those_that_have_it()
    {
        var swarm = new Swarm(1);
        var seed = await swarm.NextAsync(First, "n1", Token);
        var second = swarm.NextAsync(First, "n2", Token);
        var third = swarm.NextAsync(First, "n3", Token);
        seed.From.ShouldBeNull();
        second.IsCompleted.ShouldBeFalse();

        seed.End(arrived: true, passesOn: true);

        var fromFirst = await await Task.WhenAny(second, third);
        fromFirst.From.ShouldBe("n1");
        Task.WhenAll(second, third).IsCompleted.ShouldBeFalse();
        fromFirst.End(arrived: true, passesOn: true);
        (await second).From.ShouldBe("n1");
        (await third).From.ShouldNotBeNull();
    }

    [Fact]
    public async Task Contents_do_not_wait_for_each_other()
    {
        var swarm = new Swarm(1);

        (await swarm.NextAsync(First, "n1", Token)).From.ShouldBeNull();
        (await swarm.NextAsync(Second, "n2", Token)).From.ShouldBeNull();
    }

    [Fact]
    public async Task The_next_is_sent_what_the_first_did_not_get()
    {
        var swarm = new Swarm(2);
        var seed = await swarm.NextAsync(First, "n1", Token);
        var second = swarm.NextAsync(First, "n2", Token);

        seed.End(arrived: false, passesOn: true);

        (await second).From.ShouldBeNull();
    }

    [Fact]
    public async Task Who_cannot_pass_on_is_never_asked()
    {
        var swarm = new Swarm(2);
        (await swarm.NextAsync(First, "n1", Token)).End(arrived: true, passesOn: false);

        (await swarm.NextAsync(First, "n2", Token)).From.ShouldBeNull();
    }

    [Fact]
    public async Task A_neighbour_that_failed_is_not_asked_again_and_after_two_nobody_is()
    {
        var swarm = new Swarm(2);
        foreach (var node in new[] { "n1", "n2", "n3" })
        {
            (await swarm.NextAsync(First, node, Token)).End(arrived: true, passesOn: true);
        }

        var one = await swarm.NextAsync(First, "n4", Token);
        one.End(arrived: false, passesOn: true);
        var two = await swarm.NextAsync(First, "n4", Token);
        two.From.ShouldNotBe(one.From);
        two.From.ShouldNotBeNull();
        two.End(arrived: false, passesOn: true);

        (await swarm.NextAsync(First, "n4", Token)).From.ShouldBeNull();
        (await swarm.NextAsync(Second, "n4", Token)).End(arrived: true, passesOn: true);
        (await swarm.NextAsync(Second, "n1", Token)).From.ShouldBe("n4");
    }

    [Fact]
    public async Task A_crowd_gets_everything_with_each_content_sent_once_and_no_node_passing_to_more_than_it_may()
    {
        const int Passes = 3;
        var swarm = new Swarm(Passes);
        var digests = Enumerable.Range(0, 10).Select(i => Digest.Sha256(new string((char)('0' + i), 64))).ToList();
        var passing = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        var sent = 0;
        var most = 0;

        await Task.WhenAll(Enumerable.Range(0, 50).SelectMany(n => digests.Select(d => Task.Run(() => BringAsync(d, n.ToString(CultureInfo.InvariantCulture)), Token))));

        sent.ShouldBe(digests.Count);
        most.ShouldBe(Passes);

        async Task BringAsync(Digest digest, string node)
        {
            var turn = await swarm.NextAsync(digest, node, Token);
            if (turn.From is not { } from)
            {
                Interlocked.Increment(ref sent);
            }
            else
            {
                var now = passing.AddOrUpdate(from, 1, (_, n) => n + 1);
                lock (digests)
                {
                    most = Math.Max(most, now);
                }
            }

            await Task.Delay(1, Token);
            if (turn.From is { } by)
            {
                passing.AddOrUpdate(by, 0, (_, n) => n - 1);
            }

            turn.End(arrived: true, passesOn: true);
        }
    }
}
