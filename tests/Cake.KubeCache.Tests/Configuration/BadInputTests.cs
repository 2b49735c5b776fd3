using System.Diagnostics;
using System.Text;
using Shouldly;

namespace Cake.KubeCache.Tests.Configuration;

public sealed class BadInputTests
{
    private const string Inventory = "[kube_node]\nnode1\n";

    [Fact]
    public void Names_an_undefined_variable_of_an_enabled_item_with_its_place()
    {
        using var cluster = new Cluster().Inventory(Inventory).Catalogue(
            """
            downloads:
              one:
                enabled: true
                file: true
                dest: /one
                url: "https://example.org/{{ one_version }}"
            one_version: "v{{ major }}"
            """);
        var fault = cluster.Faults().ShouldHaveSingleItem();
        fault.What.ShouldBe("downloads.one.url cannot be evaluated on node1: 'major' is undefined");
        fault.Where!.ToString().ShouldEndWith("all.yml:7:19");
    }

    [Fact]
    public void Ignores_what_is_wrong_in_items_that_are_not_enabled_or_not_wanted()
    {
        using var cluster = new Cluster().Inventory(Inventory).Catalogue(
            """
            downloads:
              off: {enabled: false, file: true, url: "{{ nothing }}", dest: "{{ nothing }}"}
              elsewhere: {enabled: true, file: true, url: "{{ nothing | nofilter }}", groups: [etcd]}
              unknown: {enabled: "{{ nothing }}", file: true, url: x}
            """);
        var downloads = cluster.Downloads();
        downloads.Artifacts.ShouldBeEmpty();
        downloads.Warnings.ShouldHaveSingleItem().What.ShouldContain("whether 'unknown' is enabled on node1 depends on something undefined");
    }

    [Theory]
    [InlineData("{{ 'x' | lowr }}", "the filter 'lowr' is not known", "did you mean 'lower'?")]
    [InlineData("{{ 'x' is matchh('y') }}", "the test 'matchh' is not known", "did you mean 'match'?")]
    [InlineData("{{ lookup('url', 'http://x') }}", "the lookup 'url' is not supported", "set the variable that uses it in the inventory or with --set")]
    [InlineData("{% if true %}x", "the block '{% if … %}' is not closed", null)]
    [InlineData("{% for a in [] %}x{% endif %}", "the template is not well-formed", null)]
    [InlineData("{{ 'x", "a string is not closed", null)]
    [InlineData("{{ x", "the block that begins with '{{' is not closed", null)]
    [InlineData("{{ (1 }}", "'}' closes nothing", null)]
    [InlineData("{{ 1 + }}", "the template is not well-formed", null)]
    [InlineData("{{ a b }}", "the template is not well-formed", null)]
    [InlineData("{# x", "a comment is not closed", null)]
    [InlineData("{% raw %}x", "a raw block is not closed", null)]
    [InlineData("{% include 'x' %}", "the statement 'include' is not supported in templates", null)]
    [InlineData("{{ f(*x) }}", "'*' before an argument is not supported in templates", null)]
    [InlineData("{% endif %}", "the template is not well-formed", null)]
    [InlineData("{{ 5 $ 3 }}", "'$' has no meaning here", null)]
    public void Names_what_is_wrong_with_a_template_and_where(string template, string what, string? hint)
    {
        using var cluster = new Cluster().Inventory(Inventory).Catalogue($"downloads:\n  one:\n    enabled: true\n    file: true\n    dest: /one\n    url: >-\n      https://example.org/\n      {template}\n");
        var fault = cluster.Faults().ShouldHaveSingleItem();
        fault.What.ShouldContain(what);
        fault.Hint.ShouldBe(hint);
        fault.Where!.File.ShouldEndWith("all.yml");
        fault.Where.Line.ShouldBeGreaterThan(5);
    }

    [Fact]
    public void Prints_the_cycle_of_variables_that_need_each_other()
    {
        using var cluster = new Cluster().Inventory(Inventory).Catalogue("a: \"{{ b }}\"\nb: \"{{ c | default('x') }}\"\nc: \"{{ a }}\"\ndownloads: {one: {enabled: true, file: true, url: \"{{ a }}\"}}\n");
        var fault = cluster.Faults().ShouldHaveSingleItem();
        fault.What.ShouldContain("the variable 'a' needs itself");
        fault.Got!.ShouldMatch(@"^a \(.*all.yml:1\) → b \(.*all.yml:2\) → c \(.*all.yml:3\) → a$");
    }

    [Fact]
    public void Prints_the_cycle_of_groups()
    {
        using var cluster = new Cluster().Inventory("[a:children]\nb\n[b:children]\nc\n[c:children]\na\n[a]\nnode1\n");
        var fault = cluster.Faults().ShouldHaveSingleItem();
        fault.What.ShouldBe("groups contain each other");
        fault.Got.ShouldBe("a → b → c → a");
    }

    [Fact]
    public void Warns_of_a_host_in_no_group()
    {
        using var cluster = new Cluster().Inventory("node1\n[web]\nnode2\n");
        cluster.Load().Warnings.ShouldHaveSingleItem().What.ShouldBe("the host 'node1' is in no group");
        cluster.Host().Groups.ShouldBe(["ungrouped"]);
    }

    [Fact]
    public void Refuses_an_item_that_is_neither_file_nor_image()
    {
        using var cluster = new Cluster().Inventory(Inventory).Catalogue("downloads: {one: {enabled: true, url: http://x}}\n");
        cluster.Faults().ShouldHaveSingleItem().What.ShouldBe("the item 'one' of downloads is neither a file nor an image on node1");
    }

    [Fact]
    public void Refuses_two_files_with_one_destination()
    {
        using var cluster = new Cluster().Inventory(Inventory).Catalogue(
            "downloads:\n  one: {enabled: true, file: true, url: http://x/1, dest: /d/x}\n  two: {enabled: true, file: true, url: http://x/2, dest: /d/x}\n  same: {enabled: true, file: true, url: http://x/2, dest: /d/x}\n");
        var fault = cluster.Faults().ShouldHaveSingleItem();
        fault.What.ShouldBe("two files have one destination on node1");
        fault.Got!.ShouldContain("'one' and 'two'");
    }

    [Fact]
    public void Refuses_a_file_that_is_not_UTF_8_and_says_where()
    {
        using var cluster = new Cluster().Inventory(Inventory);
        cluster.File("group_vars/all.yml", "");
        File.WriteAllBytes(cluster.Folder.At("group_vars/all.yml"), [.. "---\nok: 1\nname: it"u8, 0x92, .. "s\n"u8]);
        var fault = cluster.Faults().ShouldHaveSingleItem();
        fault.Where!.ToString().ShouldEndWith("all.yml:3:9");
        fault.Got!.ShouldContain("0x92, as Windows-1252");
        fault.Hint!.ShouldContain("iconv");
    }

    [Fact]
    public void Reads_UTF_8_with_a_byte_order_mark_and_Windows_line_ends()
    {
        using var cluster = new Cluster().Inventory(Inventory);
        cluster.File("group_vars/all.yml", "");
        File.WriteAllBytes(cluster.Folder.At("group_vars/all.yml"), [0xEF, 0xBB, 0xBF, .. "a: é\r\nb: \"{% if true %}\r\n  x{% endif %}\"\r\n"u8]);
        cluster.Value("a").ShouldBe("é");
    }

    [Fact]
    public void Refuses_a_bomb_of_aliases_in_no_time()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 40; i++)
        {
            bomb.Append($"a{i}: &a{i} [").AppendJoin(", ", Enumerable.Repeat($"*a{i - 1}", 10)).Append("]\n");
        }

        using var cluster = new Cluster().Inventory(Inventory).File("group_vars/all.yml", bomb.ToString());
        var watch = Stopwatch.StartNew();
        cluster.Faults().ShouldHaveSingleItem().What.ShouldBe("the YAML is too large with its aliases written out");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Refuses_a_bomb_of_fifty_megabytes()
    {
        // A list of a thousand, and ten million aliases of it.
        var bomb = new StringBuilder("all: &all [").AppendJoin(", ", Enumerable.Repeat("x", 1000)).Append("]\nlist:\n");
        bomb.Insert(bomb.Length, "- *all\n", 7_200_000);
        bomb.Length.ShouldBeGreaterThan(50_000_000);

        using var cluster = new Cluster().Inventory(Inventory).File("group_vars/all.yml", bomb.ToString());
        var fault = cluster.Faults().ShouldHaveSingleItem();
        fault.What.ShouldBe("the YAML is too large with its aliases written out");
        fault.Where!.Line.ShouldBeInRange(9_000, 11_000);
    }

    [Theory]
    [InlineData("long: &long \"{0}\"\na: &a [*long, *long, *long, *long, *long, *long, *long, *long, *long, *long]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n")]
    [InlineData("a: &a [&long \"{0}\", *long, *long, *long, *long, *long, *long, *long, *long, *long]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc:\n  ? [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n  : x\n")]
    public void Refuses_a_bomb_of_few_aliases_of_a_long_text_or_in_a_key(string yaml)
    {
        // A thousand times a megabyte, in values and in a key.
        using var cluster = new Cluster().Inventory(Inventory).File("group_vars/all.yml", yaml.Replace("{0}", new string('x', 1_000_000), StringComparison.Ordinal));
        cluster.Faults().ShouldHaveSingleItem().What.ShouldBe("the YAML is too large with its aliases written out");
    }

    [Fact]
    public void Reads_aliases_that_are_shared_often_without_growing()
    {
        var text = new StringBuilder("base: &base {a: \"{{ 1 + 1 }}\"}\nall:\n");
        for (var i = 0; i < 20_000; i++)
        {
            text.Append("- *base\n");
        }

        using var cluster = new Cluster().Inventory(Inventory).File("group_vars/all.yml", text.ToString());
        cluster.Value("base").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("a: [1, 2\nb: 3\n")]
    [InlineData("a: 1\n b: 2\n")]
    [InlineData("a: *nowhere\n")]
    [InlineData("a: !custom x\n")]
    [InlineData("a: 1\n---\nb: 2\n")]
    [InlineData("- a\n- b\n")]
    public void Gives_file_and_line_of_YAML_that_cannot_be_read(string yaml)
    {
        using var cluster = new Cluster().Inventory(Inventory).File("group_vars/all.yml", yaml);
        var fault = cluster.Faults().ShouldHaveSingleItem();
        fault.Where!.File.ShouldEndWith("all.yml");
        fault.Where.Line.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Survives_nesting_that_has_no_end()
    {
        using var cluster = new Cluster().Inventory(Inventory).File("group_vars/all.yml", "a: " + new string('[', 200_000) + "\n");
        cluster.Faults().ShouldHaveSingleItem().Where!.File.ShouldEndWith("all.yml");
        cluster.File("group_vars/all.yml", "a: \"{{ " + new string('(', 100_000) + "1" + new string(')', 100_000) + " }}\"\ndownloads: {x: {enabled: true, file: true, url: \"{{ a }}\"}}\n");
        cluster.Faults()[0].What.ShouldContain("nested too deeply");
    }

    [Fact]
    public void Survives_a_long_chain_of_variables()
    {
        var chain = new StringBuilder("v0: end\n");
        for (var i = 1; i <= 20_000; i++)
        {
            chain.Append($"v{i}: \"{{{{ v{i - 1} }}}}\"\n");
        }

        using var cluster = new Cluster().Inventory(Inventory).File("group_vars/all.yml", chain + "downloads: {x: {enabled: true, file: true, url: \"{{ v20000 }}\"}}\n");
        cluster.Faults()[0].What.ShouldContain("nested too deeply");
    }

    [Fact]
    public void Tells_all_faults_of_all_files_together()
    {
        using var cluster = new Cluster().Inventory("[a:vars]\nx\n[b:funny]\n[c]\nnode1\nnode2 y\n").InventoryPath("missing.ini").File("group_vars/c.yml", "x: [\n").CataloguePath("nowhere").Set("novalue");
        cluster.Faults().Select(f => f.What).ShouldBe([
            "a variable is not defined as name=value",
            "the section '[b:funny]' is of an unknown kind",
            "'y' after a host is no name=value",
            "the section of variables is for a group that nothing defines",
            "the inventory does not exist",
            "the catalogue does not exist",
            "a variable is not set as it should be",
            "not valid YAML",
        ], ignoreOrder: true);
    }

    [Theory]
    [InlineData("[a\nnode1\n", 1)]
    [InlineData("[a b]\nnode1\n", 1)]
    [InlineData("[a]\nnode1 'open\n", 2)]
    [InlineData("[a]\nnode1:\n", 2)]
    [InlineData("[a]\nnode1:99999\n", 2)]
    [InlineData("[a:children]\nmissing\n", 2)]
    public void Gives_the_line_of_what_is_wrong_in_an_INI_inventory(string text, int line)
    {
        using var cluster = new Cluster().Inventory(text);
        cluster.Faults()[0].Where!.Line.ShouldBe(line);
    }
}
