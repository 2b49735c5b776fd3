using System.Xml.Linq;
using Build.Tasks.Testing;
using Shouldly;

namespace Cake.KubeCache.Tests.BuildHost;

public sealed class TestTallyTests
{
    private static readonly TestTally Tally = TestTally.Read(XDocument.Parse(
        """
        <assemblies>
          <assembly passed="3" failed="1" skipped="2" errors="1">
            <collection>
              <test result="Pass" />
              <test result="Skip"><reason>needs root</reason></test>
              <test result="Skip"><reason>needs root</reason></test>
            </collection>
          </assembly>
        </assemblies>
        """));

    [Fact]
    public void An_error_outside_of_a_test_is_a_failure() => Tally.ToString().ShouldBe("Tests: 3 passed, 2 failed, 2 skipped");

    [Fact]
    public void Counts_the_reasons_of_skipped_tests() => Tally.SkipReasons["needs root"].ShouldBe(2);

    [Fact]
    public void Sums_over_suites()
    {
        var sum = Tally.Plus(Tally);

        sum.ToString().ShouldBe("Tests: 6 passed, 4 failed, 4 skipped");
        sum.SkipReasons["needs root"].ShouldBe(4);
    }
}
