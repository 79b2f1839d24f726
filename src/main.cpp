// The mailhold program.

#include "mailhold/cli/cli.hpp"

int main(int argc, char** argv)
{
    return mailhold::cli::run(argc, argv);
}
