using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Configuration;

/// <summary>Texts that the ansible-vault program encrypted.</summary>
public sealed class VaultTests
{
    private const string File11 = """
            $ANSIBLE_VAULT;1.1;AES256
            33343734656466363731323837663133376233343632333737633633623965303138386661376434
            6236333930646238326434653635306361663166623437350a666139313230323165666534363161
            30666662626533636235636461646439306362663361623966373932633738613338636333313238
            6363313430396466360a393361353834316237336361323461366561613138646261643437316337
            33383133383539656163316464313361633462666633343233393062316234643862663335346138
            36333965343762373837373330383031616239363030656433633333363639653138373935393066
            386161383563356464613339663233623933
            """;

    private const string Inline12 = """
            tok: !vault |
              $ANSIBLE_VAULT;1.2;AES256;prod
              34363863663061303065663365663732646639343234613435393533316231353036653162323264
              3939386133343232363165616531366335353139626233330a653833366532343234323861636136
              36653762653935653137303963643834393561636430393662386161393434383666373861616637
              6364613365616433370a343537643133336134396331303461623462633538616632366562623736
              65343036373430666633323032343365323537636133643334643430323766303236
            plain: x
            """;

    [Fact]
    public void Reads_a_file_that_is_vaulted_as_a_whole()
    {
        using var cluster = Vaulted().VaultPassword("s3cret-pass\n");
        cluster.Value("other").ShouldBe("from-vault!");
    }

    [Fact]
    public void Takes_the_password_from_the_environment()
    {
        using var cluster = Vaulted().Environment("ANSIBLE_VAULT_PASSWORD", "s3cret-pass");
        cluster.Value("secret_var").ShouldBe("from-vault");
    }

    [Fact]
    public void Takes_the_password_file_from_the_environment()
    {
        using var cluster = Vaulted();
        cluster.Environment("ANSIBLE_VAULT_PASSWORD_FILE", cluster.Folder.Write("password", "s3cret-pass\n")).Environment("ANSIBLE_VAULT_PASSWORD", "not this one");
        cluster.Value("secret_var").ShouldBe("from-vault");
    }

    [Theory]
    [InlineData("group_vars/a/vault.yml")]
    [InlineData("host_vars/node1.yml")]
    public void Decrypts_files_of_groups_and_hosts(string file)
    {
        using var cluster = new Cluster().Inventory("[a]\nnode1\n").File(file, File11).VaultPassword("s3cret-pass");
        cluster.Value("other").ShouldBe("from-vault!");
    }

    [Fact]
    public void Decrypts_values_of_a_YAML_inventory()
    {
        var vaulted = string.Join('\n', Inline12.Split('\n').Skip(1).TakeWhile(l => l.StartsWith(' ')).Select(l => "            " + l));
        using var cluster = new Cluster().Inventory($"all:\n  children:\n    a:\n      hosts:\n        node1:\n          tok: !vault |\n{vaulted}\n", "hosts.yml").VaultPassword("s3cret-pass");
        cluster.Value("tok").ShouldBe("inline {{ text }} é");
    }

    [Fact]
    public void Decrypts_whole_files_and_values_of_both_formats()
    {
        using var whole = new Cluster().Inventory("[a]\nnode1\n").File("group_vars/a.yml", File11.Replace("1.1;AES256", "1.2;AES256;prod", StringComparison.Ordinal)).VaultPassword("s3cret-pass");
        whole.Value("other").ShouldBe("from-vault!");

        using var inline = new Cluster().Inventory("[a]\nnode1\n").File("group_vars/a.yml", Inline12.Replace("1.2;AES256;prod", "1.1;AES256", StringComparison.Ordinal)).VaultPassword("s3cret-pass");
        inline.Value("tok").ShouldBe("inline {{ text }} é");
    }

    [Fact]
    public void Says_that_the_password_file_cannot_be_read()
    {
        using var cluster = Vaulted();
        var missing = cluster.Folder.At("nowhere");
        var fault = cluster.Environment("ANSIBLE_VAULT_PASSWORD_FILE", missing).Faults().ShouldHaveSingleItem();
        fault.What.ShouldBe("cannot read the vault password file");
        fault.Where!.File.ShouldBe(missing);
    }

    [Fact]
    public void Runs_an_executable_password_file()
    {
        using var cluster = Vaulted().VaultPassword("#!/bin/sh\necho s3cret-pass\n");
        cluster.Folder.MakeExecutable("vault-password");
        cluster.Value("secret_var").ShouldBe("from-vault");
    }

    [Fact]
    public void Decrypts_an_inline_value_which_is_no_template()
    {
        using var cluster = Inlined().VaultPassword("s3cret-pass");
        cluster.Value("tok").ShouldBe("inline {{ text }} é");
    }

    [Fact]
    public void Needs_no_password_for_an_inline_value_that_nothing_reads()
    {
        using var cluster = Inlined();
        cluster.Value("plain").ShouldBe("x");
    }

    [Fact]
    public void Says_what_is_missing_without_a_password()
    {
        using var cluster = Vaulted();
        var fault = cluster.Faults().ShouldHaveSingleItem();
        fault.Got.ShouldBe("no vault password");
        fault.Hint!.ShouldContain("--vault-password-file");
        fault.Where!.File.ShouldEndWith("all.yml");
    }

    [Fact]
    public void Refuses_a_wrong_password_without_printing_it()
    {
        using var cluster = Vaulted().VaultPassword("wrong-one");
        var fault = cluster.Faults().ShouldHaveSingleItem();
        fault.What.ShouldBe("the vaulted text cannot be decrypted");
        fault.ToString().ShouldNotContain("wrong-one");
    }

    [Theory]
    [InlineData("$ANSIBLE_VAULT;1.1;AES256\nzz\n")]
    [InlineData("$ANSIBLE_VAULT;1.1;AES256\n3333\n")]
    [InlineData("$ANSIBLE_VAULT;9.9;AES256\n3333\n")]
    [InlineData("$ANSIBLE_VAULT;1.1;AES\n3333\n")]
    public void Refuses_a_damaged_envelope(string envelope)
    {
        using var cluster = new Cluster().Inventory("[a]\nnode1\n").File("group_vars/all.yml", envelope).VaultPassword("x");
        cluster.Faults().ShouldHaveSingleItem().What.ShouldContain("damaged or of an unknown kind");
    }

    [Fact]
    public void Reports_an_inline_value_that_cannot_be_decrypted_where_it_stands()
    {
        using var cluster = Inlined().File("group_vars/a.yml", "downloads: {x: {enabled: true, file: true, url: \"http://h/{{ tok }}\", dest: /x}}\n");
        cluster.Faults()[0].Where!.ToString().ShouldEndWith("all.yml:1");
    }

    private static Cluster Vaulted() => new Cluster().Inventory("[a]\nnode1\n").File("group_vars/all.yml", File11);

    private static Cluster Inlined() => new Cluster().Inventory("[a]\nnode1\n").File("group_vars/all.yml", Inline12);
}
